/**
 * Goals for Maven that run Postern's commands in the build, and again only where something changed.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.maven;

import org.jspecify.annotations.NullMarked;
