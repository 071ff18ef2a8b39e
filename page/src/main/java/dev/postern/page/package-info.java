/**
 * Writes a self-contained HTML page with manifests, their analysis, and the engine, compiled to JavaScript.
 * {@link dev.postern.page.PageEngine} runs in the page, {@link dev.postern.page.PageDocument} writes it.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.page;

import org.jspecify.annotations.NullMarked;
