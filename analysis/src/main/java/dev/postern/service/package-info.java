/**
 * Turns a Service, or an entrance through a controller, into the pods and ports behind it. It trusts the cluster and knows nothing of
 * policies, which apply only to the pods.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.service;

import org.jspecify.annotations.NullMarked;
