namespace Freshet.Core.Wire.Extensions;

/// <summary>
/// The message numbers of a peer's extensions: the result of all its extension handshakes, each of which contains only changes (BEP 10).
/// Never more than <see cref="WireLimits.MaxExtensionsPerPeer"/>.
/// </summary>
internal sealed class PeerExtensions
{
    private readonly List<PeerExtension> _offered = [];

    /// <summary>The extensions that the peer currently offers.</summary>
    public IReadOnlyList<PeerExtension> Offered => _offered;

    /// <summary>The number for messages of an extension, or 0 if the peer does not support it.</summary>
    public byte NumberOf(string name)
    {
        int at = IndexOf(name);
        return at < 0 ? (byte)0 : _offered[at].Number;
    }

    /// <summary>Applies a handshake: adds what it offers, and removes what it withdraws.</summary>
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
