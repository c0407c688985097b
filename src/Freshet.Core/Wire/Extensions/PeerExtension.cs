namespace Freshet.Core.Wire.Extensions;

/// <summary>An extension as a peer offers it (BEP 10, <c>m</c>).</summary>
/// <param name="Name">Its name, such as <c>ut_metadata</c>.</param>
/// <param name="Number">The number that the one who offers it wants on messages sent to it, 1 to 255; 0 takes the offer back.</param>
internal readonly record struct PeerExtension(string Name, byte Number);
