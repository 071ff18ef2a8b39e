/**
 * Turns a sentence into a question or a statement about who may reach whom. It knows the language and no cluster: whether a name means
 * anything is found out where the question is answered.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.question;

import org.jspecify.annotations.NullMarked;
