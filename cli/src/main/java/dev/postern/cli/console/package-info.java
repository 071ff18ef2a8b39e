/**
 * What every command shares: where it reads and writes, what its exit status says, and how it ends when its input is bad. It knows no
 * command and no cluster.
 */
@NullMarked
package dev.postern.cli.console;

import org.jspecify.annotations.NullMarked;
