package dev.postern.cli.live;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.postern.cli.console.UserError;
import java.io.IOException;

/**
 * What a list request must be answered with, by the API conventions: a list of the kind that was asked for. Servers and proxies answer 200
 * with other things as well, and none of those says that a cluster is empty.
 *
 * @param kind as written, empty if it is not
 * @param apiVersion as written, empty if it is not
 * @param more the token {@code metadata.continue}, empty on the last page
 * @param message the field of a {@code Status}, empty if there is none
 * @param items what the field holds
 */
record ListAnswer(String kind, String apiVersion, String more, String message, Items items) {

  private static final JsonFactory JSON = new JsonFactory();

  /** What stands for items. */
  enum Items {
    MISSING,
    LIST,
    OTHER
  }

  /**
   * Reads an answer.
   *
   * @throws UserError if it is not the list that was asked for
   */
  static ListAnswer of(String json, Listing listing, String source) {
    ListAnswer answer = parse(json, source);
    if (answer.kind.equals("Status")) {
      throw wrong(
          source,
          "a failure"
              + (answer.message.isEmpty()
                  ? ""
                  : ": " + answer.message.lines().findFirst().orElse("")));
    }
    String wanted = listing.kind() + "List";
    // A CRD may name its list as it likes; its items name themselves.
    boolean fits = listing.presence() == Listing.Presence.DISCOVERED
        ? answer.kind.endsWith("List")
        : answer.kind.equals(wanted);
    if (!fits || !answer.apiVersion.equals(listing.apiVersion())) {
      throw wrong(
          source,
          (answer.kind.isEmpty()
                  ? "something without `kind`"
                  : "a " + answer.kind
                      + (answer.apiVersion.isEmpty() ? "" : " of " + answer.apiVersion))
              + " instead of a " + wanted + " of " + listing.apiVersion());
    }
    if (answer.items != Items.LIST) {
      throw wrong(
          source,
          "a " + answer.kind
              + (answer.items == Items.MISSING
                  ? " without `items`"
                  : " whose `items` are no list"));
    }
    return answer;
  }

  /** What a {@code Status} says, empty if the text is none. */
  static String message(String json) {
    try {
      ListAnswer answer = parse(json, "");
      return answer.kind.equals("Status") ? answer.message : "";
    } catch (UserError other) {
      return "";
    }
  }

  private static UserError wrong(String source, String what) {
    return new UserError(source + ": error: the server answered with " + what);
  }

  private static ListAnswer parse(String json, String source) {
    try (JsonParser parser = JSON.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw wrong(source, "something that is no list");
      }
      String kind = "";
      String apiVersion = "";
      String more = "";
      String message = "";
      Items items = Items.MISSING;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (field) {
          case "kind" -> kind = text(parser);
          case "apiVersion" -> apiVersion = text(parser);
          case "message" -> message = text(parser);
          case "metadata" -> more = continuation(parser, value, source);
          // Go writes an empty list as null where nobody made one.
          case "items" ->
            items = value == JsonToken.START_ARRAY || value == JsonToken.VALUE_NULL
                ? Items.LIST
                : Items.OTHER;
          default -> {}
        }
        parser.skipChildren();
      }
      if (parser.nextToken() != null) {
        throw wrong(source, "more than one object");
      }
      return new ListAnswer(kind, apiVersion, more, message, items);
    } catch (IOException problem) {
      throw new UserError(
          source + ": error: the server's answer is not JSON: " + Failure.reason(problem));
    }
  }

  private static String text(JsonParser parser) throws IOException {
    return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : "";
  }

  /** The token for the next page; an answer that says there is more, but not how to ask for it, is no whole list. */
  private static String continuation(JsonParser parser, JsonToken metadata, String source)
      throws IOException {
    String token = "";
    boolean more = metadata != JsonToken.START_OBJECT && metadata != JsonToken.VALUE_NULL;
    while (metadata == JsonToken.START_OBJECT && parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      if (field.equals("continue")) {
        token = text(parser);
        more |= value != JsonToken.VALUE_STRING && value != JsonToken.VALUE_NULL;
      } else if (field.equals("remainingItemCount")) {
        more |= value != JsonToken.VALUE_NULL && !parser.getText().equals("0");
      }
      parser.skipChildren();
    }
    if (more && token.isEmpty()) {
      throw wrong(source, "a part of a list, and with no token for what is missing");
    }
    return token;
  }
}
