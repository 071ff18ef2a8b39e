/**
 * The common interfaces of all targets: a backend turns a plan into an artefact, a set of files with a summary, and reads artefacts back
 * into {@link dev.postern.enforced.EnforcedRules}. The writer and the reader of a target share no code except constants of the format.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.backend;

import org.jspecify.annotations.NullMarked;
