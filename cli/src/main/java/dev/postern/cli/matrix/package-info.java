/**
 * Turns a connectivity matrix into tables, data and pictures. Connections are written one by one, since a matrix may be larger than memory.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.matrix;

import org.jspecify.annotations.NullMarked;
