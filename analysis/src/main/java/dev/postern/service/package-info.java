/**
 * Turns a Service, or a way in through a controller, into the pods and ports behind it. It trusts the cluster and knows nothing of
 * policies, which see only what is behind.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.service;

import org.jspecify.annotations.NullMarked;
