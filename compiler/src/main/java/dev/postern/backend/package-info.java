/**
 * What every target has in common: a backend turns a plan into an artefact, a set of files with a summary, and reads artefacts back into
 * {@link dev.postern.enforced.EnforcedRules}. Writers and readers of one target share no code but constants of the format.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.backend;

import org.jspecify.annotations.NullMarked;
