using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet.Core.Local;

/// <summary>
/// Limits the cost of announces from others: anyone on a local network can send any number of them, from any forged address. Counters cover
/// one second or one minute and then restart; memory is bounded, since senders that cannot be counted are ignored.
/// </summary>
internal sealed class LocalFlood
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Dictionary<IPAddress, int> _bySender = [];
    private readonly Dictionary<InfoHash, int> _byTorrent = [];
    private Timestamp _second;
    private Timestamp _minute;
    private int _thisSecond;

    /// <summary>Whether another announce may be parsed at all.</summary>
    public bool MayRead(Timestamp now)
    {
        if (now >= _second)
            (_second, _thisSecond) = (now + Second, 0);
        return ++_thisSecond <= LocalLimits.MaxLocalAnnouncesPerSecond;
    }

    /// <summary>Whether a sender's announce may be processed.</summary>
    public bool MayHear(IPAddress sender, Timestamp now)
    {
        if (now >= _minute)
        {
            _minute = now + Minute;
            _bySender.Clear();
            _byTorrent.Clear();
        }

        int count = _bySender.GetValueOrDefault(sender);
        if (count >= LocalLimits.MaxLocalAnnouncesPerSender || (count == 0 && _bySender.Count >= LocalLimits.MaxLocalSenders))
            return false;
        _bySender[sender] = count + 1;
        return true;
    }

    /// <summary>Whether another peer of one of our torrents may be accepted.</summary>
    public bool MayBelieve(InfoHash torrent)
    {
        int count = _byTorrent.GetValueOrDefault(torrent);
        if (count >= LocalLimits.MaxLocalPeersPerTorrent)
            return false;
        _byTorrent[torrent] = count + 1;
        return true;
    }
}
