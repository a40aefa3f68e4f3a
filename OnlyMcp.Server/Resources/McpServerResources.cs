using System.Diagnostics.CodeAnalysis;
using OnlyMcp.Protocol.Schema;
using OnlyMcp.Server.Resources;
using OnlyMcp.Server.Tools;
using OnlyMcp.Server.Tools.Binding;
using OnlyMcp.Server.Tools.SchemaGeneration;

namespace OnlyMcp.Server;

public sealed partial class McpServer
{
    /// <summary>The resources that are offered; may change while the server runs.</summary>
    public ResourceCollection Resources { get; } = new();

    /// <summary>The resource templates that are offered; may change while the server runs.</summary>
    public ResourceTemplateCollection ResourceTemplates { get; } = new();

    /// <summary>Whether clients are told that there are resources.</summary>
    internal bool OffersResources => Resources.WasFilled || ResourceTemplates.WasFilled || Options.Capabilities.Resources is not null;

    /// <summary>Offers a text to be read.</summary>
    /// <param name="uri">The address: absolute, with a scheme of your own choice, such as <c>config://app</c>.</param>
    /// <param name="name">Its name, for code and logs, and for people where there is no title.</param>
    /// <param name="text">What it holds.</param>
    /// <param name="mimeType">Its media type.</param>
    /// <exception cref="ArgumentException">The address is taken, or is none; the message says what to do.</exception>
    public void AddResource(string uri, string name, string text, string mimeType = ResourceResults.PlainText)
    {
        ArgumentNullException.ThrowIfNull(text);
        AddResource(
            new Resource { Uri = uri, Name = name, MimeType = mimeType, Size = System.Text.Encoding.UTF8.GetByteCount(text) },
            (_, _) => new(ResourceResults.Text(uri, text, mimeType)));
    }

    /// <summary>Offers bytes to be read.</summary>
    /// <param name="uri">The address: absolute, with a scheme of your own choice, such as <c>logo://app</c>.</param>
    /// <param name="name">Its name, for code and logs, and for people where there is no title.</param>
    /// <param name="bytes">What it holds.</param>
    /// <param name="mimeType">Their media type, such as <c>image/png</c>.</param>
    /// <exception cref="ArgumentException">The address is taken, or is none; the message says what to do.</exception>
    public void AddResource(string uri, string name, ReadOnlyMemory<byte> bytes, string? mimeType = null) => AddResource(
        new Resource { Uri = uri, Name = name, MimeType = mimeType, Size = bytes.Length },
        (_, _) => new(ResourceResults.Bytes(uri, bytes, mimeType)));

    /// <summary>Offers what a delegate reads each time that it is asked for.</summary>
    /// <remarks>
    /// Its parameters are what is no argument of a tool either, such as <see cref="CancellationToken"/> and <see cref="RequestContext"/>. It may
    /// return text, bytes, <see cref="ResourceContents"/>, several of them, a <see cref="ReadResourceResult"/>, or any value, which becomes JSON;
    /// null means that there is no such resource after all.
    /// </remarks>
    /// <param name="uri">The address: absolute, with a scheme of your own choice, such as <c>clock://now</c>.</param>
    /// <param name="name">Its name, for code and logs, and for people where there is no title.</param>
    /// <param name="read">Reads it. An exception becomes an error whose words stay on the server.</param>
    /// <param name="mimeType">Its media type; for a string <c>text/plain</c> if null.</param>
    /// <exception cref="ArgumentException">The address is taken, or is none, or the delegate cannot be a resource's.</exception>
    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    public void AddResource(string uri, string name, Delegate read, string? mimeType = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var signature = ToolSignature<RequestContext>.Of(read, InjectedParameters.Instance);
        var definition = new Resource { Uri = uri, Name = name, Description = Documentation.Of(signature.Method), MimeType = mimeType };
        Resources.Add(new MethodResource(signature, definition, Options.SerializerOptions));
    }

    /// <summary>Offers a given resource. A trimmed program may rely on it.</summary>
    /// <param name="resource">What clients are told.</param>
    /// <param name="handler">Reads it.</param>
    /// <exception cref="ArgumentException">The address is taken, or is none.</exception>
    public void AddResource(Resource resource, Func<RequestContext, CancellationToken, ValueTask<Result>> handler) =>
        Resources.Add(new DefinedResource(resource, handler));

    /// <summary>Offers all resources whose addresses a template describes, as a delegate reads them.</summary>
    /// <remarks>
    /// Each variable goes to the parameter of its name, converted to its type: a string, number, bool, enum, date, Guid or Uri, or an array of
    /// one of them. A value of <c>{name}</c> holds no slash, one of <c>{+name}</c> may; neither holds <c>..</c> as a segment. Otherwise as for
    /// one resource.
    /// </remarks>
    /// <param name="uriTemplate">The addresses, by RFC 6570: <c>weather://{city}{?days}</c>.</param>
    /// <param name="name">A name for them, for code and logs, and for people where there is no title.</param>
    /// <param name="read">Reads one. An exception becomes an error whose words stay on the server.</param>
    /// <param name="mimeType">Their media type; for a string <c>text/plain</c> if null.</param>
    /// <exception cref="ArgumentException">The template is taken, or is none, or the delegate does not fit it.</exception>
    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    public void AddResourceTemplate(string uriTemplate, string name, Delegate read, string? mimeType = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var signature = ToolSignature<RequestContext>.Of(read, InjectedParameters.Instance);
        var definition = new ResourceTemplate
        {
            UriTemplate = uriTemplate,
            Name = name,
            Description = Documentation.Of(signature.Method),
            MimeType = mimeType,
        };
        ResourceTemplates.Add(new MethodResourceTemplate(signature, definition, Options.SerializerOptions));
    }

    /// <summary>Offers a given template. A trimmed program may rely on it.</summary>
    /// <param name="template">What clients are told.</param>
    /// <param name="handler">Reads what an address leads to.</param>
    /// <exception cref="ArgumentException">The template is taken, or is none.</exception>
    public void AddResourceTemplate(ResourceTemplate template, ResourceReader handler) =>
        ResourceTemplates.Add(new DefinedResourceTemplate(template, handler));

    /// <summary>Offers each method of <typeparamref name="T"/> that carries <see cref="McpResourceAttribute"/>, called on this one object.</summary>
    /// <exception cref="ArgumentException">No method carries it, an address is taken or is none, or a signature does not fit it.</exception>
    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    public void AddResources<T>(T instance)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(instance);
        AddResources(typeof(T), _ => instance);
    }

    /// <summary>The same, called on what <paramref name="factory"/> gives for each request; disposing of it is up to the factory.</summary>
    /// <exception cref="ArgumentException">No method carries the attribute, an address is taken or is none, or a signature does not fit it.</exception>
    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    public void AddResources<T>(Func<RequestContext, T> factory)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(factory);
        AddResources(typeof(T), factory);
    }

    /// <summary>
    /// The same, called for each request on what <see cref="McpServerOptions.Services"/> gives as a <typeparamref name="T"/>; where there are
    /// no services, or they know no such type, on one object made with its parameterless constructor when it is first needed.
    /// </summary>
    /// <exception cref="ArgumentException">No method carries the attribute, an address is taken or is none, or a signature does not fit it.</exception>
    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    public void AddResources<T>()
        where T : class => AddResources(typeof(T), ToolInstances.Of(typeof(T), Options.Services));

    /// <summary>Offers each static method of <paramref name="type"/> that carries <see cref="McpResourceAttribute"/>; it may be a static class.</summary>
    /// <exception cref="ArgumentException">No static method carries it, an address is taken or is none, or a signature does not fit it.</exception>
    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    public void AddResources(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        AddResources(type, null);
    }

    [RequiresUnreferencedCode(ToolReflection.UnreferencedCode)]
    [RequiresDynamicCode(ToolReflection.DynamicCode)]
    private void AddResources(Type type, Func<RequestContext, object>? targetOf)
    {
        var methods = ResourceMethods.ByBeingTemplate(type, instances: targetOf is not null);
        var templates = methods[true]
            .Select(method => new MethodResourceTemplate(
                SignatureOf(method), ResourceMethods.DescribeTemplate(method), Options.SerializerOptions))
            .ToArray();
        var resources = methods[false]
            .Select(method => new MethodResource(SignatureOf(method), ResourceMethods.Describe(method), Options.SerializerOptions))
            .ToArray();
        ResourceTemplates.AddRange(templates);
        try
        {
            Resources.AddRange(resources);
        }
        catch (ArgumentException)
        {
            // All or none: a class half of whose resources are there is a puzzle.
            Array.ForEach(templates, template => ResourceTemplates.Remove(template.Definition.UriTemplate));
            throw;
        }

        ToolSignature<RequestContext> SignatureOf(System.Reflection.MethodInfo method) =>
            ToolSignature<RequestContext>.Of(method, targetOf, InjectedParameters.Instance);
    }
}
