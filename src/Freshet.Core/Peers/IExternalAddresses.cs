using System.Net;

namespace Freshet.Core.Peers;

/// <summary>Our addresses on the internet, which we cannot know behind a router but from what others say.</summary>
internal interface IExternalAddresses
{
    /// <summary>Somebody says which address we have.</summary>
    /// <param name="address">Any; one that is not public is of no interest.</param>
    /// <param name="source">What they are: one of them.</param>
    /// <param name="voter">Whose voice it is; each has one.</param>
    void Hear(IPAddress address, ExternalAddressSources source, Origin voter);

    /// <summary>The address of a family that is believed; null if none is.</summary>
    ExternalAddressStatus? Find(bool isV6);
}
