using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Core.Trackers;

/// <summary>
/// Determines who votes when a tracker reports our address: the tracker's address, or the domain of its host name. A torrent may list any
/// number of trackers in one domain, which together have one vote.
/// </summary>
internal static class TrackerVoter
{
    /// <param name="tracker">A supported announce URL.</param>
    public static Origin Of(string tracker)
    {
        string host = new Uri(tracker.Trim()).IdnHost;
        if (IPAddress.TryParse(host, out IPAddress? address))
            return Origin.OfNetwork(address);
        string name = host.TrimEnd('.');
        int last = name.LastIndexOf('.');
        int domain = last > 0 ? name.LastIndexOf('.', last - 1) : -1;
        return Origin.OfHost(name[(domain + 1)..]);
    }
}
