package dev.postern.lint.dataplane;

import java.net.URI;

/**
 * What one dataplane does with one feature. What is not known of a dataplane is no fact.
 *
 * @param feature the feature
 * @param enforced whether it is enforced as the API says
 * @param details what happens instead or under which condition, lower case, no full stop; may be empty
 * @param source where it is documented
 */
public record Fact(Feature feature, boolean enforced, String details, URI source) {}
