package dev.postern.policy;

import dev.postern.selector.Selector;

/**
 * The pods that a policy is about.
 *
 * @param namespaces where to look
 * @param pods which pods there
 */
public record Subject(NamespaceSelection namespaces, Selector pods) {}
