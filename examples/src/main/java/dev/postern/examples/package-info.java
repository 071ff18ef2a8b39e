/** Small programs that use the public API. They trust their arguments; the tests run every one of them. */
@NullMarked
package dev.postern.examples;

import org.jspecify.annotations.NullMarked;
