/** Turns the public API into small programs to start from. They trust their arguments; the tests run every one of them. */
@NullMarked
package dev.postern.examples;

import org.jspecify.annotations.NullMarked;
