namespace Freshet.Core.Wire.Extensions;

/// <summary>An extension that we support (BEP 10).</summary>
/// <param name="Name">Its name, such as <c>ut_metadata</c>.</param>
/// <param name="Number">The message number that we assign to it, 1 to 255.</param>
/// <param name="MaxLength">The longest message that we accept, in bytes, not counting the message number.</param>
/// <param name="Scope">The torrents in which we use it.</param>
internal sealed record ExtensionRow(string Name, byte Number, int MaxLength, ExtensionScope Scope);
