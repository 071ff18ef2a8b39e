/**
 * What every command shares: where it reads and writes, what its exit status says, and how it ends when its input is bad. It knows no
 * command and no cluster.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.console;

import org.jspecify.annotations.NullMarked;
