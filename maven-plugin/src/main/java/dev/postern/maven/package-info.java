/** Goals for Maven that run Postern's commands in the build, and again only where something changed. */
@NullMarked
package dev.postern.maven;

import org.jspecify.annotations.NullMarked;
