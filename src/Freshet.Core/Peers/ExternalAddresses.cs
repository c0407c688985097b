using System.Net;

namespace Freshet.Core.Peers;

/// <summary>Holds a vote for each address family. Addresses that are not public are ignored: they belong to a network in between.</summary>
internal sealed class ExternalAddresses : IExternalAddresses
{
    private readonly ExternalAddressVote _v4 = new();
    private readonly ExternalAddressVote _v6 = new();

    public void Hear(IPAddress address, ExternalAddressSources source, Origin voter)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        bool isV4 = plain.MapToIPv6().IsIPv4MappedToIPv6;
        if (AddressScopes.Of(plain) == AddressScope.Public)
            (isV4 ? _v4 : _v6).Hear(plain, source, voter);
    }

    public ExternalAddressStatus? Find(bool isV6) => (isV6 ? _v6 : _v4).Believed;
}
