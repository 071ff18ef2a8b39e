/**
 * Turns findings into formats for people and for programs. It words no message itself and omits no finding.
 *
 * <p>Types are for one thread unless they say otherwise.
 */
@NullMarked
package dev.postern.cli.finding;

import org.jspecify.annotations.NullMarked;
