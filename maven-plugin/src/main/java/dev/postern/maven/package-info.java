/**
 * Maven goals that run Postern's commands in a build, and repeat them only if their inputs changed.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.maven;

import org.jspecify.annotations.NullMarked;
