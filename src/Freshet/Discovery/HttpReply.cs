using Freshet.Core;
using Freshet.Core.Trackers;

namespace Freshet.Discovery;

/// <summary>A complete HTTP answer.</summary>
/// <param name="Body">The body, decompressed.</param>
/// <param name="IsSuccess">Whether the status is 2xx.</param>
/// <param name="StatusWords">The host and its status, for people.</param>
/// <param name="RetryAfter">How long the server asks us to wait, or null.</param>
internal sealed record HttpReply(ReadOnlyMemory<byte> Body, bool IsSuccess, string StatusWords, TimeSpan? RetryAfter)
{
    public static HttpReply From(string host, HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        string words = $"{host} answered HTTP {(int)response.StatusCode} {response.ReasonPhrase}";
        return new HttpReply(
            body, response.IsSuccessStatusCode, ForeignText.Clean(words, TrackerLimits.MaxMessageLength),
            response.Headers.RetryAfter?.Delta);
    }
}
