using System.Net;

namespace Freshet.Core.Peers;

/// <summary>Our addresses on the internet, which behind a router we can only learn from others.</summary>
internal interface IExternalAddresses
{
    /// <summary>Reports an address that somebody sees us at.</summary>
    /// <param name="address">The address; ignored if it is not public.</param>
    /// <param name="source">The kind of the source: a single flag.</param>
    /// <param name="voter">Who votes; each voter has one vote.</param>
    void Hear(IPAddress address, ExternalAddressSources source, Origin voter);

    /// <summary>The believed address of a family; null if there is none.</summary>
    ExternalAddressStatus? Find(bool isV6);
}
