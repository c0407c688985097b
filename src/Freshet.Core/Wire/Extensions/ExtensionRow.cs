namespace Freshet.Core.Wire.Extensions;

/// <summary>An extension that we speak (BEP 10).</summary>
/// <param name="Name">Its name, such as <c>ut_metadata</c>.</param>
/// <param name="Number">The number under which we take its messages, 1 to 255.</param>
/// <param name="MaxLength">Bytes of the longest of its messages that we take, its number not counted.</param>
/// <param name="Scope">In which torrents we speak it.</param>
internal sealed record ExtensionRow(string Name, byte Number, int MaxLength, ExtensionScope Scope);
