/**
 * Reads the objects of a kubeconfig's context from the API server, as text for the reader of files. It only lists and never writes; it
 * trusts the server's answers no more than a file.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.live;

import org.jspecify.annotations.NullMarked;
