namespace Freshet.Core.Wire.Extensions;

/// <summary>An extension offered by a peer (BEP 10, <c>m</c>).</summary>
/// <param name="Name">Its name, such as <c>ut_metadata</c>.</param>
/// <param name="Number">The number that the peer expects on messages sent to it, 1 to 255; 0 withdraws the offer.</param>
internal readonly record struct PeerExtension(string Name, byte Number);
