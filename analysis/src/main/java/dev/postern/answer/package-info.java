/** Turns a question into an answer with its reasons. Trusts the plan, which is held against the definition. */
@NullMarked
package dev.postern.answer;

import org.jspecify.annotations.NullMarked;
