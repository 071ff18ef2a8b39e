/**
 * The immutable model of a cluster that all later packages read: namespaces, workloads with their pods, services, nodes, entrances from
 * outside, and policies. It contains facts as written and judges nothing.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.cluster;

import org.jspecify.annotations.NullMarked;
