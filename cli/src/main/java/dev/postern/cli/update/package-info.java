/** An update proved against the state that it meets: what {@code postern prove --delta} reads and prints. Nothing here decides a verdict. */
@NullMarked
package dev.postern.cli.update;

import org.jspecify.annotations.NullMarked;
