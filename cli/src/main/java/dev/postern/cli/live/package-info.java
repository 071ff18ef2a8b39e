/**
 * Turns a kubeconfig's context into the documents that the cluster's API server holds, as text for the same reader that reads files. It
 * only lists, never writes; what the server answers is trusted no more than a file.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.live;

import org.jspecify.annotations.NullMarked;
