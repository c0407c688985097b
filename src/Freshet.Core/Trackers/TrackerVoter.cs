using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Core.Trackers;

/// <summary>
/// Whose voice a tracker's word is: that of its address, or of the domain that its name is in. A torrent may name any number of trackers
/// in one domain, which are one voice together.
/// </summary>
internal static class TrackerVoter
{
    /// <param name="tracker">An announce URL that can be used.</param>
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
