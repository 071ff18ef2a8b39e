/**
 * Turns objects of the Fabric8 Kubernetes client into a cluster. It trusts them no more than text: they are written as JSON and read by the
 * same strict reader as every manifest.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.fabric8;

import org.jspecify.annotations.NullMarked;
