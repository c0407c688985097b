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
    private readonly Queue<(int File, Timestamp Until)> _lackingFiles = new();
    private Bitfield? _lacks;
    private Timestamp _restsUntil;
    private long _received;
    private int _failures;
    private int _wrongFiles;
    private long _skipped;
    private bool _isInOrder;
    private bool _isGivenUp;
    private bool _isBanned;

    public WebSeedEntry(string url)
    {
        Url = url;
        _isSupported = TryParse(url, out Uri? uri);
        Origin = Origin.OfHost(uri?.Authority ?? url);
        Message = _isSupported ? null : "only http and https are supported";
    }

    public string Url { get; }

    /// <summary>The origin to blame for what it sends: its host and port.</summary>
    public Origin Origin { get; }

    /// <summary>The current source; null while the web seed must not be used.</summary>
    public WebSeed? Live { get; private set; }

    /// <summary>Why it failed most recently, or may not be used, as text; null if it has served since.</summary>
    public string? Message { get; private set; }

    /// <summary>When it may be used again; never if it is not merely resting.</summary>
    public Timestamp RestsUntil => !_isSupported || _isGivenUp || _isBanned ? Timestamp.Never
        : _lacks is { IsFull: true } && LacksUntil > _restsUntil ? LacksUntil
        : _restsUntil;

    /// <summary>When the next file that it lacked may be asked for again; never if it lacks none.</summary>
    public Timestamp LacksUntil => _lackingFiles.TryPeek(out (int, Timestamp Until) first) ? first.Until : Timestamp.Never;

    /// <summary>Whether it is neither resting nor given up.</summary>
    public bool MayBeAsked(Timestamp now) => RestsUntil <= now;

    /// <summary>Whether it could be used now and is not.</summary>
    public bool IsReady(Timestamp now) => Live is null && MayBeAsked(now);

    /// <summary>It is in use from now on.</summary>
    public void Join(WebSeed seed)
    {
        Live = seed;
        seed.IsInOrder = _isInOrder;
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
        Message = null;
    }

    /// <summary>It does not serve ranges.</summary>
    public void OnNoRanges()
    {
        _isInOrder = true;
        if (Live is not null)
            Live.IsInOrder = true;
    }

    /// <summary>
    /// Bytes of it were read in vain, since it does not serve ranges. True if it is too much: more than it has given, and the beginning of
    /// a long file.
    /// </summary>
    public bool HasSkipped(int bytes)
    {
        _skipped += bytes;
        if (_skipped <= _received + (Live?.Received.Total ?? 0) + WebSeedLimits.MaxSkippedInOrder)
            return false;
        _skipped = 0;
        return true;
    }

    /// <summary>It failed, and must rest.</summary>
    public void OnFailed(in FetchEnd end, Timestamp now, Random random)
    {
        Message = end.Words;
        _isGivenUp |= end.Fault == FetchFault.Forbidden;
        _restsUntil = now + WebSeedBackOff.After(end, ++_failures, random);
    }

    /// <summary>
    /// It cannot supply a file, and so no piece that contains a byte of it, for a while: a mirror may still be fetching it. When no piece
    /// is left, it rests until then. After several such files in a row it must rest: it may lack thousands.
    /// </summary>
    public void OnWrongFile(in FetchEnd end, PieceLayout layout, Timestamp now, Random random)
    {
        Message = end.Words;
        _failures++;
        if (++_wrongFiles > WebSeedLimits.MaxWrongFilesInARow)
            _restsUntil = now + WebSeedBackOff.After(end, _wrongFiles - WebSeedLimits.MaxWrongFilesInARow, random);
        _lackingFiles.Enqueue((end.File, now + TimeSpan.FromMinutes(WebSeedLimits.LackingFileMinutes)));
        Lack(end.File, layout);
    }

    /// <summary>Files that it lacked are asked for again after a while; false if it is not yet time for any.</summary>
    public bool TryForgive(PieceLayout layout, Timestamp now)
    {
        if (LacksUntil > now)
            return false;
        while (LacksUntil <= now)
            _lackingFiles.Dequeue();
        _lacks = null;
        foreach ((int file, _) in _lackingFiles)
            Lack(file, layout);
        return true;
    }

    /// <summary>Whether it lacks a piece.</summary>
    public bool Lacks(PieceIndex piece) => _lacks is not null && _lacks[piece];

    /// <summary>It, or another web seed on its host, sent data that failed its hash check.</summary>
    public void OnBanned(string? reason)
    {
        _isBanned = true;
        Message = reason;
    }

    public WebSeedStatus StatusAt(Timestamp now) => new()
    {
        Url = Url,
        State = StateAt(now),
        Message = Message,
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

    private void Lack(int file, PieceLayout layout)
    {
        _lacks ??= new Bitfield(layout.PieceCount);
        PieceRange pieces = layout.PiecesOfFile(file);
        for (int i = 0; i < pieces.Count; i++)
            _lacks.Add(new PieceIndex(pieces.First.Value + i));
    }

    private void RemoveLacking(Bitfield has)
    {
        for (PieceIndex? next = _lacks!.FirstAtOrAfter(default); next is { } piece; next = _lacks.FirstAtOrAfter(new(piece.Value + 1)))
            has.Remove(piece);
    }

    private static bool TryParse(string url, [NotNullWhen(true)] out Uri? uri) =>
        Uri.TryCreate(url, UriKind.Absolute, out uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}
