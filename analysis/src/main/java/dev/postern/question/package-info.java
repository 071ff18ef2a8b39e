/**
 * Turns a sentence into a question or a statement about reachability. It knows the language and no cluster: names are resolved where the
 * question is answered.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.question;

import org.jspecify.annotations.NullMarked;
