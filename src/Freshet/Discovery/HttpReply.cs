using Freshet.Core;
using Freshet.Core.Trackers;

namespace Freshet.Discovery;

/// <summary>A whole answer over HTTP.</summary>
/// <param name="Body">Unpacked.</param>
/// <param name="IsSuccess">Whether the status is one of the 200s.</param>
/// <param name="StatusWords">The host and its status, in words.</param>
/// <param name="RetryAfter">How long the server asks to be left alone, or null.</param>
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
