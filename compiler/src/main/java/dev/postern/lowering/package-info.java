/**
 * Turns a plan into the form that all backends share, before any tool's syntax: the policed pods, grouped by the traffic that may pass, and
 * sets of peers with names that do not change when pods are added or deleted.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.lowering;

import org.jspecify.annotations.NullMarked;
