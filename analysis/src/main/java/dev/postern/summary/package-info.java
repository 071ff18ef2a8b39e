/**
 * From sets of endpoints to few words: namespaces and labels in place of one workload after the other, always exact. On it rest how exposed each
 * workload is and the matrix by labels.
 */
@NullMarked
package dev.postern.summary;

import org.jspecify.annotations.NullMarked;
