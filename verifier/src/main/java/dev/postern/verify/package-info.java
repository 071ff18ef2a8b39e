/**
 * The entry point for embedders: turns a cluster and a question into an answer with its reasons. It trusts the plan's tables, and replays a
 * witness of every answer on {@link dev.postern.meaning.Reference} before it returns the answer.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.verify;

import org.jspecify.annotations.NullMarked;
