/**
 * The immutable picture of a cluster that everything downstream reads: namespaces, workloads with their pods, services, nodes, ways
 * in from outside, and policies. It holds facts as written and judges nothing.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.cluster;

import org.jspecify.annotations.NullMarked;
