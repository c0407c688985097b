using System.Net;
using System.Net.Http.Headers;
using Freshet.Core;
using Freshet.Core.Trackers;
using Freshet.Core.WebSeeds;

namespace Freshet.WebSeeds;

/// <summary>A web seed's answer to a <see cref="FileRequest"/>, validated against the request before any of its bytes are used.</summary>
internal sealed class FileAnswer : IDisposable
{
    private readonly HttpResponseMessage _response;

    private FileAnswer(HttpResponseMessage response, HttpHop hop)
    {
        _response = response;
        Hop = hop;
    }

    /// <summary>The URL that answered, after redirects.</summary>
    public HttpHop Hop { get; }

    /// <summary>The index of the file.</summary>
    public required int File { get; init; }

    /// <summary>Bytes to skip before the requested ones: the server ignores ranges.</summary>
    public int ToSkip { get; private set; }

    /// <summary>Whether the body ends with the requested bytes, so that its connection can be reused.</summary>
    public bool EndsThere { get; private set; }

    /// <summary>Whether it is the whole file, of which a later request may take more.</summary>
    public bool IsWhole { get; private init; }

    /// <summary>Where the requested bytes end in the file.</summary>
    public long End { get; private set; }

    /// <summary>Requested bytes that are still to be read; a server may send fewer than requested.</summary>
    public long Left { get; set; }

    /// <summary>Lets a later request take more of it; false if it wants what has passed already, or what is far away.</summary>
    public bool TryContinue(FileRequest request)
    {
        long gap = request.Offset - End;
        if (!IsWhole || File != request.File || gap is < 0 or > WebSeedLimits.MaxSkippedInOrder)
            return false;
        (ToSkip, Left, End) = ((int)gap, request.Length, request.Offset + request.Length);
        EndsThere = End == request.FileLength;
        return true;
    }

    public Task<Stream> OpenAsync(CancellationToken cancellationToken) => _response.Content.ReadAsStreamAsync(cancellationToken);

    public void Dispose() => _response.Dispose();

    /// <summary>Takes over an answer whose headers have arrived.</summary>
    /// <exception cref="WebSeedException">The answer is not for the file, or not for the requested bytes.</exception>
    public static FileAnswer Of(HttpResponseMessage response, FileRequest request, HttpHop hop, DateTimeOffset now)
    {
        if (response.Content.Headers.ContentEncoding.Any(static encoding => encoding is not "identity"))
            throw Wrong(request, "sends it compressed, which was not asked for");
        return response.StatusCode switch
        {
            HttpStatusCode.PartialContent => OfRange(response, request, hop),
            HttpStatusCode.OK => OfWhole(response, request, hop),
            HttpStatusCode.NotFound or HttpStatusCode.Gone => throw Wrong(request, $"does not have it: HTTP {(int)response.StatusCode}"),
            HttpStatusCode.RequestedRangeNotSatisfiable => throw Wrong(request, "has a shorter one: HTTP 416"),
            _ => throw new WebSeedException(RefusalOf(response, hop, now)),
        };
    }

    /// <summary>An error: the web seed does not have the file as the torrent describes it.</summary>
    public static WebSeedException Wrong(FileRequest request, string words) => new(new FetchEnd(FetchFault.WrongFile)
    {
        Words = ForeignText.Clean(
            $"{HostOf(request.Hop)} is of no use for file {request.File + 1}: it {words}", TrackerLimits.MaxMessageLength),
        File = request.File,
    });

    public static string HostOf(HttpHop hop) => $"{hop.Uri.Host}:{hop.Uri.Port}";

    private static FileAnswer OfRange(HttpResponseMessage response, FileRequest request, HttpHop hop)
    {
        if (response.Content.Headers.ContentRange is not { Unit: "bytes", From: { } from, To: { } to } range)
            throw Wrong(request, "answers a range without saying which");
        if (range.Length is { } length && length != request.FileLength)
            throw Wrong(request, $"has one of {length} bytes, and not of {request.FileLength}");
        long given = to - from + 1;
        if (from != request.Offset || given > request.Length || given < Math.Min(request.Length, Limits.BlockLength))
            throw Wrong(request, $"gives bytes {from} to {to} when asked for {request.Offset} to {request.Offset + request.Length - 1}");
        if (response.Content.Headers.ContentLength is { } sent && sent != given)
            throw Wrong(request, $"sends {sent} bytes as a range of {given}");
        return new FileAnswer(response, hop) { File = request.File, Left = given, End = request.Offset + given, EndsThere = true };
    }

    private static FileAnswer OfWhole(HttpResponseMessage response, FileRequest request, HttpHop hop)
    {
        if (response.Content.Headers.ContentLength is { } length && length != request.FileLength)
            throw Wrong(request, $"has one of {length} bytes, and not of {request.FileLength}");
        if (request.Offset > WebSeedLimits.MaxSkippedInOrder)
            throw Wrong(request, "does not serve ranges of it");
        if (request.Offset > WebSeedLimits.MaxSkipped && !request.IsInOrder)
            throw new WebSeedException(new FetchEnd(FetchFault.NoRanges));
        return new FileAnswer(response, hop)
        {
            File = request.File,
            ToSkip = (int)request.Offset,
            Left = request.Length,
            IsWhole = true,
            End = request.Offset + request.Length,
            EndsThere = request.Offset + request.Length == request.FileLength,
        };
    }

    private static FetchEnd RefusalOf(HttpResponseMessage response, HttpHop hop, DateTimeOffset now)
    {
        bool isBusy = response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests;
        string words = $"{HostOf(hop)} answered HTTP {(int)response.StatusCode} {response.ReasonPhrase}";
        RetryConditionHeaderValue? retry = response.Headers.RetryAfter;
        return new FetchEnd(isBusy ? FetchFault.Busy : FetchFault.Refused)
        {
            Words = ForeignText.Clean(words, TrackerLimits.MaxMessageLength),
            RetryAfter = retry?.Delta ?? (retry?.Date - now),
        };
    }
}
