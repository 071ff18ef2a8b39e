/** Proves again and again what changes, prints what is new, and says what holds now to who asks over HTTP. */
@NullMarked
package dev.postern.cli.watch;

import org.jspecify.annotations.NullMarked;
