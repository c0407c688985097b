using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>
/// A host in <see cref="ScrapeGathering"/>: which torrents wait for it, whether it may be asked now, and about how many swarms at once.
/// Not every tracker takes several (BEP 48): some refuse, and some answer about one of them alone.
/// </summary>
internal sealed class ScrapeHost(string name)
{
    private readonly int _most = name.StartsWith(UdpTrackerUrl.Scheme + ":", StringComparison.Ordinal)
        ? TrackerLimits.MaxUdpScrapedSwarms
        : ScrapeLimits.MaxHttpSwarms;

    private int _failures;
    private int _refusals;
    private bool _isDoubted;
    private bool _isTrusted;
    private int? _reduced;

    public string Name { get; } = name;

    /// <summary>The torrents that wait for it, first come, first served.</summary>
    public List<RestingTorrent> Waiting { get; } = [];

    /// <summary>Whether a scrape is in progress; there is never more than one.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>When it may be asked again.</summary>
    public Timestamp OpenFrom { get; private set; }

    /// <summary>The number of swarms that it is asked about at once.</summary>
    public int Most => _reduced ?? _most;

    public void Begin() => IsUnderWay = true;

    /// <summary>It answered. Returns whether it may have kept back those that are not in the answer.</summary>
    /// <param name="asked">The number of torrents that it was asked about.</param>
    /// <param name="answered">The number of those in its answer.</param>
    /// <param name="now">The current time.</param>
    public bool Answer(int asked, int answered, Timestamp now)
    {
        End(now + ScrapeLimits.Pause);
        _failures = _refusals = 0;
        if (asked > 1)
        {
            _isTrusted |= answered > 1;
            _isDoubted = answered == 1 && !_isTrusted;
            if (_isDoubted)
                _reduced = 1;
            return _isDoubted;
        }

        // It was asked about a torrent that was not in its last answer: if it does not know that torrent, it had kept nothing back.
        if (_isDoubted && answered == 0)
        {
            _isTrusted = true;
            _reduced = null;
        }

        _isDoubted = false;
        return false;
    }

    /// <summary>It refused. Returns whether the same torrents may be asked about again, fewer at once.</summary>
    public bool Refuse(int asked, Timestamp now)
    {
        End(now + ScrapeLimits.Pause);
        _failures = 0;
        if (asked > 1)
        {
            _reduced = Math.Max(1, asked / 4);
            return true;
        }

        if (++_refusals >= ScrapeLimits.MaxRefusals)
        {
            OpenFrom = now + ScrapeLimits.Refused;
            _refusals = 0;
        }

        return false;
    }

    /// <summary>It could not be reached: it is left alone for a while, longer each time.</summary>
    public void Fail(Timestamp now, Random random)
    {
        const int FirstBackOff = 4;
        _failures++;
        End(now + AnnounceTimes.BackOff(_failures + FirstBackOff, random));
    }

    /// <summary>It was not asked, for a reason on our side.</summary>
    public void PutOff(Timestamp now) => End(now + ScrapeLimits.Next);

    /// <summary>Whether torrents need not wait for it, because it has failed or refused.</summary>
    public bool IsShut(Timestamp now) => OpenFrom > now + ScrapeLimits.Next;

    private void End(Timestamp openFrom)
    {
        IsUnderWay = false;
        OpenFrom = openFrom;
    }
}
