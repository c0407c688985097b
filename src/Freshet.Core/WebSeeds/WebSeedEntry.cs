using System.Diagnostics.CodeAnalysis;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.WebSeeds;

/// <summary>
/// The state of one web seed of a torrent in this run. It is a source of blocks, as <see cref="Live"/>, exactly while it may be used.
/// </summary>
internal sealed class WebSeedEntry
{
    private readonly bool _isSupported;
    private Bitfield? _lacks;
    private Timestamp _restsUntil;
    private string? _message;
    private long _received;
    private int _failures;
    private int _wrongFiles;
    private bool _isGivenUp;
    private bool _isBanned;

    public WebSeedEntry(string url)
    {
        Url = url;
        _isSupported = TryParse(url, out Uri? uri);
        Origin = Origin.OfHost(uri?.Authority ?? url);
        _message = _isSupported ? null : "only http and https are supported";
    }

    public string Url { get; }

    /// <summary>The origin to blame for what it sends: its host and port.</summary>
    public Origin Origin { get; }

    /// <summary>The current source; null while the web seed must not be used.</summary>
    public WebSeed? Live { get; private set; }

    /// <summary>When it may be used again; never if it is not merely resting.</summary>
    public Timestamp RestsUntil => _isSupported && !_isGivenUp && !_isBanned ? _restsUntil : Timestamp.Never;

    /// <summary>Whether it is neither resting nor given up.</summary>
    public bool MayBeAsked(Timestamp now) => RestsUntil <= now;

    /// <summary>Whether it could be used now and is not.</summary>
    public bool IsReady(Timestamp now) => Live is null && MayBeAsked(now);

    /// <summary>It is in use from now on.</summary>
    public void Join(WebSeed seed)
    {
        Live = seed;
        seed.Has.AddAll();
        if (_lacks is not null)
            RemoveLacking(seed.Has);
    }

    /// <summary>It is no longer in use.</summary>
    public void Leave()
    {
        _received += Live?.Received.Total ?? 0;
        Live = null;
    }

    /// <summary>A block from it has arrived.</summary>
    public void OnGave() => _wrongFiles = 0;

    /// <summary>A request has been served completely.</summary>
    public void OnServed()
    {
        _failures = 0;
        _message = null;
    }

    /// <summary>It failed, and must rest.</summary>
    public void OnFailed(in FetchEnd end, Timestamp now, Random random)
    {
        _message = end.Words;
        _isGivenUp |= end.Fault == FetchFault.Forbidden;
        _restsUntil = now + WebSeedBackOff.After(end, ++_failures, random);
    }

    /// <summary>
    /// It cannot supply a file, and so no piece that contains a byte of it; when no piece is left, it is given up. After several such files
    /// in a row it must rest: it may lack thousands.
    /// </summary>
    public void OnWrongFile(in FetchEnd end, PieceLayout layout, Timestamp now, Random random)
    {
        _message = end.Words;
        _failures++;
        if (++_wrongFiles > WebSeedLimits.MaxWrongFilesInARow)
            _restsUntil = now + WebSeedBackOff.After(end, _wrongFiles - WebSeedLimits.MaxWrongFilesInARow, random);
        _lacks ??= new Bitfield(layout.PieceCount);
        PieceRange pieces = layout.PiecesOfFile(end.File);
        for (int i = 0; i < pieces.Count; i++)
            _lacks.Add(new PieceIndex(pieces.First.Value + i));
        _isGivenUp |= _lacks.IsFull;
    }

    /// <summary>It, or another web seed on its host, sent data that failed its hash check.</summary>
    public void OnBanned(string? reason)
    {
        _isBanned = true;
        _message = reason;
    }

    public WebSeedStatus StatusAt(Timestamp now) => new()
    {
        Url = Url,
        State = StateAt(now),
        Message = _message,
        RetryIn = Live is null && RestsUntil > now && RestsUntil != Timestamp.Never ? RestsUntil - now : null,
        Failures = _failures,
        Requests = Live?.FetchCount ?? 0,
        OutstandingRequests = Live?.Requests.Count ?? 0,
        Progress = _lacks is { Length: > 0 } ? 1 - ((double)_lacks.Count / _lacks.Length) : 1,
        Downloaded = new ByteSize(_received + (Live?.Received.Total ?? 0)),
        DownloadRate = Live?.Received.RateAt(now) ?? default,
    };

    private WebSeedState StateAt(Timestamp now) =>
        !_isSupported ? WebSeedState.Unsupported
        : _isBanned ? WebSeedState.Banned
        : _isGivenUp ? WebSeedState.GivenUp
        : Live is not null ? WebSeedState.Active
        : RestsUntil > now ? WebSeedState.Resting
        : WebSeedState.Idle;

    private void RemoveLacking(Bitfield has)
    {
        for (PieceIndex? next = _lacks!.FirstAtOrAfter(default); next is { } piece; next = _lacks.FirstAtOrAfter(new(piece.Value + 1)))
            has.Remove(piece);
    }

    private static bool TryParse(string url, [NotNullWhen(true)] out Uri? uri) =>
        Uri.TryCreate(url, UriKind.Absolute, out uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}
