using System.Globalization;

namespace AIOrleans.Protocols.Chat;

/// <summary>Why a request body cannot be served: always 400, and never a fault of the gateway. Worded as OpenAI words it.</summary>
/// <param name="Message">Says what to change; quotes no content of the request except names and numbers.</param>
/// <param name="Param">The member at fault; null when it is the body as a whole.</param>
/// <param name="Code">Stable word for programs; null when the body is not JSON.</param>
public sealed record RequestMistake(string Message, string? Param, string? Code)
{
    internal static RequestMistake NotJson { get; } =
        new("We could not parse the JSON body of your request. The API expects a JSON object, and what was sent was not valid JSON.", null, null);

    internal static RequestMistake NotAForm(string why) => new($"The request body is no multipart form: {why}.", null, "invalid_form");

    internal static RequestMistake FormExpected { get; } = new(
        "Send a form: 'Content-Type: multipart/form-data' with a boundary, as clients do for calls with files.", null, "unsupported_content_type");

    internal static RequestMistake TooLarge(int bytesMax) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The request body is too large: at most {bytesMax} bytes are read."), null, "request_too_large");

    internal static RequestMistake Missing(string param) =>
        new($"Missing required parameter: '{param}'.", param, "missing_required_parameter");

    internal static RequestMistake WrongType(string param, string expected, string got) =>
        new($"Invalid type for '{param}': expected {expected}, but got {got} instead.", param, "invalid_type");

    internal static RequestMistake EmptyArray(string param) =>
        new($"Invalid '{param}': empty array. Expected an array with minimum length 1, but got an empty array instead.", param, "empty_array");

    internal static RequestMistake EmptyText(string param) =>
        new($"Invalid '{param}': empty string. Expected a string with minimum length 1, but got an empty string instead.", param, "empty_string");

    internal static RequestMistake TooLong(string param, int lengthMax) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"Invalid '{param}': string too long. Expected a string with maximum length {lengthMax}."),
            param,
            "string_above_max_length");

    internal static RequestMistake BelowMin(string param, long min, long got) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"Invalid '{param}': integer below minimum value. Expected a value >= {min}, but got {got} instead."),
            param,
            "integer_below_min_value");

    internal static RequestMistake AboveMax(string param, long max, long got) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"Invalid '{param}': integer above maximum value. Expected a value <= {max}, but got {got} instead."),
            param,
            "integer_above_max_value");

    internal static RequestMistake Duplicate(string param) =>
        new($"Duplicate parameter: '{param}' appears more than once. Send it once.", param, "duplicate_parameter");

    internal static RequestMistake BadValue(string param, string expected) =>
        new($"Invalid value for '{param}': expected {expected}.", param, "invalid_value");

    internal static RequestMistake OutOfRange(string param, decimal min, decimal max) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"Invalid '{param}': decimal out of range. Expected a value of {min} to {max}."),
            param,
            "decimal_out_of_range");

    internal static RequestMistake TooMany(string param, int countMax) =>
        new(
            string.Create(CultureInfo.InvariantCulture, $"Invalid '{param}': array too long. Expected an array with maximum length {countMax}."),
            param,
            "array_above_max_length");

    internal static RequestMistake Misspelt(string param) =>
        new($"Unknown parameter: did you mean '{param}'? Names are case-sensitive.", param, "unknown_parameter");
}
