using System.Xml;

namespace Freshet.Core.PortMapping;

/// <summary>
/// Reads the XML of UPnP gateways as a list of elements with text, which is all that is needed. Document types are not allowed, so there
/// are no entities to expand; nesting and the number of elements are bounded. Namespaces are ignored, since gateways get them wrong.
/// </summary>
internal static class UpnpXml
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = PortMappingLimits.MaxUpnpLength,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <summary>The elements in document order, with their text; false if the document is not XML, or is too large.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> document, out List<(string Name, string Text)> elements)
    {
        elements = [];
        if (document.Length > PortMappingLimits.MaxUpnpLength)
            return false;
        try
        {
            using MemoryStream stream = new(document.ToArray());
            using XmlReader reader = XmlReader.Create(stream, Settings);
            while (reader.Read())
            {
                if (reader.Depth > PortMappingLimits.MaxUpnpDepth || elements.Count > PortMappingLimits.MaxUpnpElements)
                    return false;
                if (reader.NodeType == XmlNodeType.Element)
                    elements.Add((reader.LocalName, ""));
                else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && elements.Count > 0)
                    elements[^1] = (elements[^1].Name, elements[^1].Text + reader.Value.Trim());
            }

            return elements.Count > 0;
        }
        catch (Exception e) when (e is XmlException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
