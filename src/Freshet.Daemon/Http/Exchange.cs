using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Freshet.Api;
using Freshet.Core.Metainfo;
using Microsoft.AspNetCore.Http;

namespace Freshet.Daemon.Http;

/// <summary>Helpers of handlers for requests and answers.</summary>
internal static class Exchange
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads the body as a record.</summary>
    /// <exception cref="ApiException">The body is not JSON, or not such a record.</exception>
    public static Task<T> ReadAsync<T>(this HttpContext context, JsonTypeInfo<T> type) => context.ReadAsync(type, context.RequestAborted);

    /// <inheritdoc cref="ReadAsync{T}(HttpContext, JsonTypeInfo{T})"/>
    public static async Task<T> ReadAsync<T>(this HttpContext context, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        if (!context.Request.HasJsonContentType())
            throw new ApiException(415, "unsupported-media-type", "The body must be JSON, with Content-Type: application/json.");
        using MemoryStream body = new(capacity: (int)Math.Min(context.Request.ContentLength ?? 0, Bounds.MaxBody));
        await context.Request.Body.CopyToAsync(body, cancellationToken).ConfigureAwait(false);
        return Parse(body.GetBuffer().AsSpan(0, (int)body.Length), type);
    }

    public static async Task WriteAsync<T>(this HttpContext context, T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        await JsonSerializer.SerializeAsync(context.Response.Body, value, type, context.RequestAborted).ConfigureAwait(false);
    }

    public static Task WriteNothingAsync(this HttpContext context, int status = StatusCodes.Status204NoContent)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    public static Task WriteProblemAsync(this HttpContext context, ApiException problem)
    {
        context.Response.StatusCode = problem.Status;
        context.Response.ContentType = "application/problem+json";
        if (problem.RetryAfter is { } wait)
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return JsonSerializer.SerializeAsync(
            context.Response.Body, problem.ToProblem(), JsonContext.Default.Problem, context.RequestAborted);
    }

    /// <summary>The torrent given in the route.</summary>
    /// <exception cref="ApiException">There is no such torrent.</exception>
    public static Torrent TorrentOf(this HttpContext context, Session session) =>
        FindTorrent(session, (string?)context.Request.RouteValues["hash"])
        ?? throw new ApiException(404, "no-such-torrent", $"The session has no torrent {context.Request.RouteValues["hash"]}.");

    public static Torrent? FindTorrent(Session session, string? text)
    {
        if (InfoHash.TryParseHex(text, out InfoHash hash))
            return session.Find(hash);
        return InfoHashV2.TryParseHex(text, out InfoHashV2 second) ? session.Find(second.Truncate()) : null;
    }

    public static string? Query(this HttpContext context, string name) =>
        context.Request.Query.TryGetValue(name, out var values) ? values.LastOrDefault() : null;

    public static string[] QueryList(this HttpContext context, string name) =>
        [.. context.Request.Query[name].Select(value => value ?? "")];

    /// <exception cref="ApiException">It is not a number within its limits.</exception>
    public static long QueryNumber(this HttpContext context, RequestParameter parameter, long @default)
    {
        if (context.Query(parameter.Name) is not { } text)
            return @default;
        ValueLimits limits = parameter.Limits!;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && limits.Allows(number))
            return number;
        throw ApiException.InvalidValue(parameter.Name, $"is not a whole number, {limits}");
    }

    /// <exception cref="ApiException">It is none of its words.</exception>
    public static string QueryWord(this HttpContext context, RequestParameter parameter, string @default)
    {
        string word = context.Query(parameter.Name) ?? @default;
        IReadOnlyList<string> words = parameter.Limits!.Words!;
        return words.Contains(word) ? word : throw ApiException.InvalidValue(parameter.Name, $"is none of {string.Join(", ", words)}");
    }

    /// <exception cref="ApiException">It is neither true nor false.</exception>
    public static bool QueryFlag(this HttpContext context, string name, bool @default)
    {
        if (context.Query(name) is not { } text)
            return @default;
        return bool.TryParse(text, out bool value) ? value : throw ApiException.InvalidValue(name, "is neither true nor false");
    }

    private static T Parse<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type)
    {
        if (body.StartsWith(ByteOrderMark))
            body = body[ByteOrderMark.Length..];
        try
        {
            T value = JsonSerializer.Deserialize(body, type) ?? throw new ApiException(400, "invalid-json", "The body is null.");

            // Which elements a list may have is not known to the serializer, and no list of a request has any that are null.
            return JsonNulls.FindInList(body) is { } member ? throw ApiException.InvalidValue(member, "has null in a list") : value;
        }
        catch (JsonException e)
        {
            throw new ApiException(400, "invalid-json", Describe(e));
        }
    }

    // The framework's message names .NET types.
    private static string Describe(JsonException e)
    {
        string where = string.IsNullOrEmpty(e.Path) || e.Path == "$" ? "" : $" at {e.Path}";
        string line = e.LineNumber is { } number
            ? string.Create(CultureInfo.InvariantCulture, $" (line {number + 1}, byte {(e.BytePositionInLine ?? 0) + 1})")
            : "";
        string what = e.InnerException is null && e.Message.Contains("required", StringComparison.Ordinal)
            ? "a required member is missing"
            : "malformed JSON, an unknown member, or a value of the wrong type";
        return $"The body cannot be read{where}{line}: {what}.";
    }
}
