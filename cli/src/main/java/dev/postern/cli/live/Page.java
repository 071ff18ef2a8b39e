package dev.postern.cli.live;

/**
 * One answer of an API server to a list request.
 *
 * @param source what was asked, as {@code https://10.0.0.1:6443/api/v1/pods}
 * @param json a list object of the API, whose items need not name their own kind
 */
public record Page(String source, String json) {}
