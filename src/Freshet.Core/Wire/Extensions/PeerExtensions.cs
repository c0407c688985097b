namespace Freshet.Core.Wire.Extensions;

/// <summary>
/// The numbers under which a peer takes extension messages: the sum of its extension handshakes, each of which only tells changes
/// (BEP 10). Never more than <see cref="WireLimits.MaxExtensionsPerPeer"/>.
/// </summary>
internal sealed class PeerExtensions
{
    private readonly List<PeerExtension> _offered = [];

    /// <summary>What the peer offers now.</summary>
    public IReadOnlyList<PeerExtension> Offered => _offered;

    /// <summary>The number to send an extension's messages under, or 0 if the peer does not take them.</summary>
    public byte NumberOf(string name)
    {
        int at = IndexOf(name);
        return at < 0 ? (byte)0 : _offered[at].Number;
    }

    /// <summary>Adds what a handshake offers and drops what it takes back.</summary>
    public void Apply(ExtensionHandshake handshake)
    {
        foreach (PeerExtension extension in handshake.Extensions)
        {
            int at = IndexOf(extension.Name);
            if (at >= 0)
                _offered.RemoveAt(at);
            if (extension.Number != 0 && _offered.Count < WireLimits.MaxExtensionsPerPeer)
                _offered.Add(extension);
        }
    }

    private int IndexOf(string name)
    {
        for (int i = 0; i < _offered.Count; i++)
        {
            if (_offered[i].Name == name)
                return i;
        }

        return -1;
    }
}
