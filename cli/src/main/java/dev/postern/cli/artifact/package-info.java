/**
 * Turns the options that name a target into its backend, and its artefact into files. It trusts the backend for what is in them.
 */
@NullMarked
package dev.postern.cli.artifact;

import org.jspecify.annotations.NullMarked;
