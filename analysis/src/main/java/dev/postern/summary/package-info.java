/**
 * From sets of endpoints to few words: namespaces and labels in place of one workload after the other, always exact. On it rest how exposed each
 * workload is and the matrix by labels.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.summary;

import org.jspecify.annotations.NullMarked;
