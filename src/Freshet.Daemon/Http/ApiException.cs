using Freshet.Api;

namespace Freshet.Daemon.Http;

/// <summary>A request is refused: thrown wherever the reason is found, answered as Problem Details in one place.</summary>
internal sealed class ApiException(int status, string code, string detail) : Exception(detail)
{
    /// <summary>What a bug is answered with; the log has more.</summary>
    public static readonly ApiException Internal = new(500, "internal", "This is a bug in the daemon; its log has more.");

    public int Status { get; } = status;

    public string Code { get; } = code;

    public IReadOnlyDictionary<string, string>? Errors { get; init; }

    public string? Hash { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public static ApiException InvalidValue(string member, string reason) =>
        new(400, "invalid-value", $"{member} {reason}.") { Errors = new Dictionary<string, string> { [member] = reason } };

    public static ApiException InvalidValues(IReadOnlyDictionary<string, string> errors) =>
        new(400, "invalid-value", string.Join("; ", errors.Select(error => $"{error.Key} {error.Value}")) + ".") { Errors = errors };

    /// <summary>There are too many of something; it may be tried again after a while.</summary>
    public static ApiException TooMany(string detail, TimeSpan retryAfter) =>
        new(429, "too-many-requests", detail) { RetryAfter = retryAfter };

    /// <summary>Translates an exception of the engine for the caller; null if it is a bug.</summary>
    public static ApiException? Of(Exception exception) => exception switch
    {
        ApiException refused => refused,
        TorrentFailedException failed => new ApiException(409, "torrent-failed", failed.Message),
        FreshetException engine => engine.Error switch
        {
            FreshetError.TorrentExists => new ApiException(409, "torrent-exists", engine.Message),
            FreshetError.Locked => new ApiException(409, "locked", engine.Message),
            FreshetError.FileExists => new ApiException(409, "file-exists", engine.Message),
            FreshetError.PathInUse => new ApiException(409, "path-in-use", engine.Message),
            FreshetError.Malformed => new ApiException(422, "not-a-torrent", engine.Message),
            FreshetError.TorrentFailed => new ApiException(409, "torrent-failed", engine.Message),
            _ => new ApiException(500, "storage", engine.Message),
        },
        ArgumentException argument => new ApiException(400, "invalid-value", FirstLine(argument.Message)),
        ObjectDisposedException => new ApiException(503, "stopping", "The daemon is stopping.") { RetryAfter = TimeSpan.FromSeconds(10) },
        _ => null,
    };

    public Problem ToProblem() => new()
    {
        Title = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(Status),
        Status = Status,
        Detail = Message,
        Code = Code,
        Errors = Errors,
        Hash = Hash,
    };

    // The framework appends the parameter's name, which means nothing to clients.
    private static string FirstLine(string message)
    {
        int parameter = message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        return parameter < 0 ? message : message[..parameter];
    }
}
